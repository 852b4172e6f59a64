using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>A file on its way into a data set.</summary>
/// <param name="Number">Its place in the source, from 0, and in the spool.</param>
/// <param name="Path">As the source names it.</param>
/// <param name="Id">Its id in the data set.</param>
/// <param name="Sha256">Hex.</param>
/// <param name="Header">What it is; meaningless where refused.</param>
/// <param name="Refusal">Why it is not taken; null where it is.</param>
internal sealed record ImportedPicture(int Number, string Path, string Id, string Sha256, ImageHeader Header, string? Refusal);
