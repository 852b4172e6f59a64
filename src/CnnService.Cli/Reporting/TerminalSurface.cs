using CnnService.Core.Common;
using Spectre.Console;

namespace CnnService.Cli.Reporting;

/// <summary>A terminal: colours of its own palette, tables with lines, and a bar that moves while work goes on.</summary>
/// <param name="console">The terminal.</param>
internal sealed class TerminalSurface(IAnsiConsole console) : ISurface
{
    private const int BarWidth = 20;
    private const int PercentWidth = 5;
    private const int SpeedWidth = 15;
    private const int TimeWidth = 15;

    /// <summary>The terminal behind a stream.</summary>
    public static TerminalSurface Create(TextWriter writer) => new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        // Whether it is one, and wants this, has been decided already.
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        Out = new AnsiConsoleOutput(writer),
    }));

    public void Line(string text) => console.WriteLine(text);

    public void Table(TextTable table)
    {
        var drawn = new Table { Border = TableBorder.Rounded };
        foreach (var column in table.Columns)
        {
            drawn.AddColumn(new TableColumn($"[bold]{Markup.Escape(column.Heading)}[/]")
            {
                Alignment = column.IsNumber ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in table.Rows)
        {
            drawn.AddRow(row.Select(Markup.Escape).ToArray());
        }

        console.Write(drawn);
    }

    public void Problem(Problem problem)
    {
        console.MarkupLine($"[red]{Markup.Escape(problem.Code)}[/]: {Markup.Escape(problem.Detail)}");
        foreach (var (path, rules) in problem.Errors)
        {
            console.MarkupLine($"  [bold]{Markup.Escape(path)}[/]: {Markup.Escape(string.Join("; ", rules))}");
        }
    }

    public async Task<T> FollowAsync<T>(Func<IProgressDisplay, Task<T>> work)
    {
        var display = new TerminalDisplay(console);
        var progress = new Progress(console) { AutoClear = true }.Columns(
            new SpinnerColumn(),
            new StateColumn(display, state => state.Detail is { } detail ? $"{state.Part}: {detail}" : state.Part, null),
            new ProgressBarColumn { Width = BarWidth },
            new StateColumn(display, state => state.Fraction is { } done ? Words.Percent(done) : string.Empty, PercentWidth),
            new StateColumn(display, state => state.ImagesPerSecond > 0 ? Words.Speed(state.ImagesPerSecond) : string.Empty, SpeedWidth),
            new StateColumn(display, state => state.Left is { } left ? $"{Words.Duration(left)} left" : string.Empty, TimeWidth));
        return await progress.StartAsync<T>(context =>
        {
            display.Begin(context.AddTask("work", autoStart: true, maxValue: 1));
            return work(display);
        });
    }
}
