namespace CnnService.Cli.Reporting;

/// <summary>Chooses how a command reports.</summary>
internal static class Reports
{
    public static IReport Create(CommandConsole console, bool isJson) => isJson
        ? new JsonReport(console.Out, Surface(console.Error, console.IsErrorDecorated))
        : new TextReport(Surface(console.Out, console.IsOutDecorated), Surface(console.Error, console.IsErrorDecorated));

    private static ISurface Surface(TextWriter writer, bool isDecorated) =>
        isDecorated ? TerminalSurface.Create(writer) : new PlainSurface(writer);
}
