namespace CnnService.Studio.Pages.Look;

/// <summary>Turns the pages of a long list of filters.</summary>
public sealed partial class PageTurner;
