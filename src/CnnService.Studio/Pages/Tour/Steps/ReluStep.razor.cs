namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>What the activation function does to a map.</summary>
public sealed partial class ReluStep;
