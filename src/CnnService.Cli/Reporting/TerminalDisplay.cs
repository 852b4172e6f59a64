using Spectre.Console;

namespace CnnService.Cli.Reporting;

/// <summary>A bar below the lines that stay. The library draws it ten times a second, from a thread of its own.</summary>
/// <param name="console">The terminal.</param>
internal sealed class TerminalDisplay(IAnsiConsole console) : IProgressDisplay
{
    private ProgressTask? _task;
    private volatile ProgressState _state = new(string.Empty, null);

    public ProgressState State => _state;

    /// <summary>Is called once, before anything is shown.</summary>
    public void Begin(ProgressTask task)
    {
        _task = task;
        task.IsIndeterminate = true;
    }

    public void Show(ProgressState state)
    {
        _state = state;
        if (_task is { } task)
        {
            task.IsIndeterminate = state.Fraction is null;
            task.Value = state.Fraction ?? 0;
        }
    }

    /// <summary>As wide as the terminal: it is written over the bar, of which nothing may be left beside it.</summary>
    public void Line(string text) => console.Write(new Padder(new Text(text), new Padding(0)) { Expand = true });
}
