"""The examples that a Python user reads."""

import inspect
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

import simulator
import cdktf_alicloud_rds_dr as package

PAGE = Path(os.environ["PAGE"]).read_text()
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


class TestTheDocuments(unittest.TestCase):
    def test_every_program_of_the_page_runs(self) -> None:
        self.assertGreater(len(PROGRAMS), 3)
        for program in PROGRAMS:
            with self.subTest(program=program), tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)

                self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_example_in_a_docstring_is_python(self) -> None:
        classes = [each for each in vars(package).values() if inspect.isclass(each) and each.__doc__]
        examples = [each.__doc__.split("Example::\n", 1)[1] for each in classes if "Example::\n" in each.__doc__]

        self.assertGreater(len(examples), 4)
        for example in examples:
            with self.subTest(example=example):
                compile(textwrap.dedent(example), "example", "exec")


if __name__ == "__main__":
    unittest.main()
