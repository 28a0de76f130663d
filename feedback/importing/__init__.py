"""Posts, comments and votes from elsewhere: readers that stream rows, one loader, one undo."""
