"""Measurements that print figures side by side; never tests, and never timed by one."""
