namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>Overfitting seen, and cured.</summary>
public sealed partial class TrainingStep;
