namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>The article's network, drawn, and where its weights are.</summary>
public sealed partial class NetworkStep;
