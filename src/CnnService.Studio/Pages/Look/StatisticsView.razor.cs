namespace CnnService.Studio.Pages.Look;

/// <summary>How the filters of a layer behave on the images of the data set.</summary>
public sealed partial class StatisticsView;
