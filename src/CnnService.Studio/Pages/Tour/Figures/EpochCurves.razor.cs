namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>Accuracy by epoch: on the images it learns from, and on those kept aside.</summary>
public sealed partial class EpochCurves;
