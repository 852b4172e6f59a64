using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A frame of a timelapse.</summary>
/// <param name="Image">Grey or RGB.</param>
/// <param name="Figures">Metrics of the snapshot and measurements of the image.</param>
public sealed record TimelapseFrame(PixelBuffer Image, TimelapseFigures Figures);
