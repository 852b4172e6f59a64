namespace CnnService.Studio.Pages.Look;

/// <summary>One slider over the epochs, that moves every picture of a filter.</summary>
public sealed partial class EpochFilm;
