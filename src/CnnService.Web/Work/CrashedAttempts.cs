namespace CnnService.Web.Work;

/// <summary>The attempts at one piece of work that crashed.</summary>
/// <param name="Total">All of them since a user queued it.</param>
/// <param name="WithoutProgress">Those since the last progress that is kept between attempts.</param>
/// <param name="LastWords">What the last one printed at its end, or its failure; null if it ended with the service.</param>
/// <param name="Worker">Name of the worker that made the last one; null if it ended with the service.</param>
internal sealed record CrashedAttempts(int Total, int WithoutProgress, string? LastWords, string? Worker = null)
{
    private const int MaxLength = 2000;

    /// <summary>A sentence with the end of the last words; empty if there are none.</summary>
    public string Told => string.IsNullOrWhiteSpace(LastWords) ? string.Empty
        : $" Its last words{(Worker is null ? string.Empty : $", on the worker {Worker}")}: {End(LastWords.Trim())}";

    private static string End(string words) => words.Length <= MaxLength ? words : "…" + words[^MaxLength..];
}
