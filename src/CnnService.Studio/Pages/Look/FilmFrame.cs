namespace CnnService.Studio.Pages.Look;

/// <summary>A filter at an epoch of its run.</summary>
/// <param name="Epoch">From 0, before the first step.</param>
/// <param name="Pattern">What it looks for then, as an address that an image element takes.</param>
/// <param name="Map">What it makes of the image then; null for an image that is none of a data set.</param>
/// <param name="Accuracy">Validation accuracy then, 0–1; null where there was none.</param>
public sealed record FilmFrame(int Epoch, string Pattern, string? Map, double? Accuracy);
