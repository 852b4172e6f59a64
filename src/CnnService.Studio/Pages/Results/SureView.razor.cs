namespace CnnService.Studio.Pages.Results;

/// <summary>How far its probabilities can be trusted, and what thresholds do.</summary>
public sealed partial class SureView;
