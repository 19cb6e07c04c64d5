/**
 * Compiles the Java package with a framework, and runs it against the simulator of the RDS API, and the program in Java
 * of docs/languages.md:
 *
 *     npm run package -- --framework cdktf --language java
 *     node scripts/languages/java.mjs [--framework cdktf|cdktn]
 *
 * It needs a JDK, Maven, and what Maven Central has. The framework itself is generated out of its package for npm and
 * compiled as well, as Maven Central does not have each of its versions everywhere.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  chosenFramework,
  copyTests,
  generateFramework,
  packageFolder,
  packagesIn,
  run,
  step,
  trialFolder,
  tryApp,
  withSimulator,
} from "./trial.mjs";

const framework = chosenFramework();
const packages = packagesIn(framework, "java");
const folder = trialFolder(framework, "java");
const app = join(folder, "app");
const sources = join(app, "src", "main", "java");

cpSync(packageFolder(framework, "java"), join(folder, "library"), { recursive: true });
step(`${framework} in Java`, () => generateFramework(framework, "java", join(folder, "framework")));
copyTests(framework, "java", sources, ["Main.java"], ({ own, framework: its }) =>
  [own, its].map(({ target }) => `${target.package}.`),
);
writeFileSync(join(app, "cdktf.json"), JSON.stringify({ language: "java", app: "java @classpath.txt Main" }));
writeFileSync(
  join(folder, "pom.xml"),
  project("all", "<packaging>pom</packaging>", modules("framework/java", "library", "app")),
);
writeFileSync(join(app, "pom.xml"), appProject());
step("mvn compile", compile);

await withSimulator(framework, (variables) => {
  step("lookups, answers and errors", () => run("java", ["@classpath.txt", "Trial"], { cwd: app, variables }));
  tryApp(framework, app, variables);
});

/** Compiles everything, and writes the options that `java` needs to run what came out. */
function compile() {
  const options = ["-Dmaven.javadoc.skip", "-Dmaven.source.skip", "-Dmdep.outputFile=dependencies.txt"];
  run("mvn", ["--batch-mode", "--quiet", ...options, "compile", "dependency:build-classpath"], { cwd: folder });
  const dependencies = readFileSync(join(app, "dependencies.txt"), "utf8");
  writeFileSync(join(app, "classpath.txt"), `-cp "${join(app, "target", "classes")}:${dependencies}"\n`);
}

/** The pom.xml of an app that has the package installed. */
function appProject() {
  const { own, framework: its } = packages;
  const { constructs } = own.devDependencies;
  const dependencies = [
    dependency(own.target.maven.groupId, own.target.maven.artifactId, own.version),
    dependency(its.target.maven.groupId, its.target.maven.artifactId, its.version),
    dependency("software.constructs", "constructs", constructs),
  ];
  return project(
    "app",
    "<properties><maven.compiler.release>11</maven.compiler.release></properties>",
    `<dependencies>${dependencies.join("")}</dependencies>`,
    "<build><plugins><plugin>",
    "<artifactId>maven-compiler-plugin</artifactId><version>3.11.0</version>",
    "</plugin></plugins></build>",
  );
}

function project(artifactId, ...content) {
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    "<modelVersion>4.0.0</modelVersion>",
    `<groupId>trial</groupId><artifactId>${artifactId}</artifactId><version>1</version>`,
    ...content,
    "</project>\n",
  ].join("\n");
}

function modules(...folders) {
  return `<modules>${folders.map((each) => `<module>${each}</module>`).join("")}</modules>`;
}

function dependency(groupId, artifactId, version) {
  return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
}
