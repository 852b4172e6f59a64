namespace CnnService.Studio.Pages.Results;

/// <summary>How familiar some validation images are, and what another threshold would do.</summary>
public sealed partial class FamiliarityView;
