"""The brief as a page of HTML that needs nothing else: no script, no font, no net."""
