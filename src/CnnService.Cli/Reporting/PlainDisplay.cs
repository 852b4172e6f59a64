namespace CnnService.Cli.Reporting;

/// <summary>A line for each part of the work, and for each tenth of it.</summary>
/// <param name="writer">Takes the lines.</param>
internal sealed class PlainDisplay(TextWriter writer) : IProgressDisplay
{
    private const int Tenths = 10;

    private readonly Lock _gate = new();
    private string? _part;
    private int _tenth;

    public void Show(ProgressState state)
    {
        lock (_gate)
        {
            var tenth = (int)(Tenths * (state.Fraction ?? 0));
            if (state.Part != _part || tenth > _tenth)
            {
                (_part, _tenth) = (state.Part, tenth);
                writer.WriteLine(Describe(state));
            }
        }
    }

    public void Line(string text)
    {
        lock (_gate)
        {
            writer.WriteLine(text);
        }
    }

    private static string Describe(ProgressState state)
    {
        string?[] facts =
        [
            state.Detail,
            state.Fraction is { } fraction ? $"{Words.Percent(fraction)} done" : null,
            state.Left is { } left ? $"{Words.Duration(left)} left" : null,
            state.ImagesPerSecond > 0 ? Words.Speed(state.ImagesPerSecond) : null,
        ];
        var told = string.Join(", ", facts.Where(fact => fact is not null));
        return told.Length > 0 ? $"{state.Part}: {told}" : state.Part;
    }
}
