using Spectre.Console;
using Spectre.Console.Rendering;

namespace CnnService.Cli.Reporting;

/// <summary>A column of the progress line: words about where the work is.</summary>
/// <param name="display">Knows where it is.</param>
/// <param name="words">Puts it in words.</param>
/// <param name="width">In characters, so that the line keeps still; null: as the words need.</param>
internal sealed class StateColumn(TerminalDisplay display, Func<ProgressState, string> words, int? width) : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(words(display.State));

    public override int? GetColumnWidth(RenderOptions options) => width;
}
