"""What every test run needs before the first test is collected."""
