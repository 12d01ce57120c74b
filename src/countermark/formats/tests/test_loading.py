"""What is loaded when a command starts."""

import subprocess
import sys


def test_reading_formats_loads_no_pandas():
    # pandas comes with other packages; pyarrow loads it at the first array that is made of a list.
    code = "import countermark.formats, sys; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
