namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A timelapse of a network in training, frame by frame.</summary>
/// <param name="Source">The snapshots that it is made of.</param>
/// <param name="Subject">What the frames show, in words.</param>
/// <param name="Frames">One frame a snapshot, all of the same size.</param>
/// <param name="Side">Side in pixels that small images are enlarged towards.</param>
public sealed record RenderedTimelapse(TimelapseSource Source, string Subject, IReadOnlyList<TimelapseFrame> Frames, int Side);
