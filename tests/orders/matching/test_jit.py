"""What loading the engine loads besides."""

import subprocess
import sys


def test_linear_algebra_that_nothing_here_uses_is_not_loaded_and_can_be_later():
    program = (
        "import sys\n"
        "from orders.matching import engine\n"
        "assert 'numba' in sys.modules and not [name for name in sys.modules if name.startswith('scipy')]\n"
        "import scipy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
