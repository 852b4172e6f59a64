namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A film, frame by frame.</summary>
/// <param name="Source">The moments it is made of.</param>
/// <param name="Subject">What it shows, in words.</param>
/// <param name="Frames">One a moment, all of one size.</param>
public sealed record Film(FilmSource Source, string Subject, IReadOnlyList<FilmFrame> Frames);
