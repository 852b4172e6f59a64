namespace CnnService.Studio.Pages.Results;

/// <summary>The confusion matrix: rows are labels, columns what the network says.</summary>
public sealed partial class ConfusionTable;
