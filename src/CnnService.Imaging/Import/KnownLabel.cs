using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>The labels of an image that came with it, out of a file that holds many.</summary>
/// <param name="Kind">The kind of that file.</param>
/// <param name="Split">The split that the file is for; null where it does not say.</param>
/// <param name="Labels">The class names; null where the file says nothing of them.</param>
/// <param name="IsList">Whether the file lists them, so that there may be none or several.</param>
internal sealed record KnownLabel(LayoutKind Kind, Split? Split, IReadOnlyList<string>? Labels, bool IsList = false);
