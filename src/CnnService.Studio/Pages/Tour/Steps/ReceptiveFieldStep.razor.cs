namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>What a cell sees through two and three layers of 3x3.</summary>
public sealed partial class ReceptiveFieldStep;
