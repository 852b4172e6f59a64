using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>The label of an image that came with it, out of a file that holds many.</summary>
/// <param name="Kind">The kind of that file.</param>
/// <param name="Split">The split that the file is for; null where it does not say.</param>
/// <param name="Class">The class name; null where the image has none.</param>
internal sealed record KnownLabel(LayoutKind Kind, Split? Split, string? Class);
