import { App } from "cdktf";
import { RecoveryStack } from "./recovery-stack";

const app = new App();
new RecoveryStack(app, "dr");
app.synth();
