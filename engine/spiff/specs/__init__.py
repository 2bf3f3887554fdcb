"""The specs of BPMN elements, one kind a file."""
