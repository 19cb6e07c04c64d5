import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { FaultKind as Simulated } from "cdktf-alicloud-rds-dr/simulator";
import { Consequence, everyRun, FaultKind, type Fault, type Surroundings } from "../fault";
import { closedPort, connected, environmentOf, listening, always, simulated } from "../surroundings";

const { OUTAGE, PASSES, UNTRUSTED } = Consequence;

const kind = FaultKind.CONNECTION;

export const connectionFaults: readonly Fault[] = [
  {
    kind,
    name: "nothing listens at the endpoint",
    consequence: OUTAGE,
    surround: async () => at(`http://127.0.0.1:${await closedPort()}`),
    runs: everyRun,
  },
  {
    kind,
    name: "the name of the endpoint does not resolve",
    consequence: OUTAGE,
    // A resolver that cannot be reached itself is asked for three seconds.
    deadlineSeconds: 4,
    surround: () => Promise.resolve(at("https://rds.soak.invalid")),
  },
  {
    kind,
    name: "one reset before the request is read",
    consequence: PASSES,
    surround: () => simulated([{ kind: Simulated.RESET, times: 1 }]),
  },
  {
    kind,
    name: "every connection is reset at once",
    consequence: OUTAGE,
    surround: () => connected((socket) => socket.resetAndDestroy()),
  },
  {
    kind,
    name: "every connection is closed without a word",
    consequence: OUTAGE,
    surround: () => connected((socket) => socket.end()),
  },
  {
    kind,
    name: "one reset in the middle of the answer",
    consequence: PASSES,
    surround: () => simulated([{ kind: Simulated.CUT_BODY, times: 1 }]),
  },
  {
    kind,
    name: "every answer is reset in the middle",
    consequence: OUTAGE,
    surround: () =>
      connected((socket) => {
        socket.once("data", () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"Items":', () => {
            socket.resetAndDestroy();
          });
        });
      }),
  },
  {
    kind,
    name: "every connection is reset after an answer",
    consequence: PASSES,
    instances: 3,
    surround: resetAfterAnswers,
  },
  {
    kind,
    name: "what answers does not speak HTTP",
    consequence: OUTAGE,
    surround: () =>
      connected((socket) => {
        socket.once("data", () => socket.end("220 mail.example.com ESMTP ready\r\n"));
      }),
  },
  {
    kind,
    name: "what answers does not speak TLS",
    consequence: OUTAGE,
    surround: async () => {
      const server = await connected((socket) => {
        socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"));
      });
      return { ...server, environment: environmentOf(`https://127.0.0.1:${server.port}`) };
    },
  },
  {
    kind,
    name: "the certificate is one that nobody trusts",
    consequence: UNTRUSTED,
    surround: withOwnCertificate,
  },
];

function at(endpoint: string): Surroundings {
  return { environment: environmentOf(endpoint), stop: () => undefined };
}

/** A simulator behind a server that passes on a whole answer, and then resets the connection. */
async function resetAfterAnswers(): Promise<Surroundings> {
  const { environment, stop } = await simulated([]);
  const front = await connected((socket) => {
    socket.once("data", (first: Buffer) => {
      void passOn(environment["RDS_DR_ENDPOINT"] ?? "", first.toString()).then((answer) => {
        socket.write(answer, () => socket.resetAndDestroy());
      });
    });
  });
  return {
    ...front,
    stop: async () => {
      await front.stop();
      await stop();
    },
  };
}

/** Passes a request on whose body came with its head, or right after it. */
async function passOn(endpoint: string, request: string): Promise<string> {
  const body = request.slice(request.indexOf("\r\n\r\n") + 4);
  const response = await fetch(endpoint, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const text = await response.text();
  return `HTTP/1.1 ${response.status} OK\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

async function withOwnCertificate(folder: string): Promise<Surroundings> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject];
  await promisify(execFile)("openssl", args);
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  const { port, ...server } = await listening(createSecureServer(options, always(200, "{}")));
  return { environment: environmentOf(`https://127.0.0.1:${port}`), ...server };
}
