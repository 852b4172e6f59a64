namespace CnnService.Studio.Pages.Look;

/// <summary>The weights of a filter: in colour where it takes colours, else a grid for each map that it takes.</summary>
public sealed partial class KernelView;
