from cdktf import App
from recovery import declare_recovery

app = App()
declare_recovery(app)
app.synth()
