namespace CnnService.Studio.Pages.Look;

/// <summary>The images of the data set to which a filter answers most, each cut to what the cell sees.</summary>
public sealed partial class ExamplesView;
