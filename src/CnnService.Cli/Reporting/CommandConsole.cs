namespace CnnService.Cli.Reporting;

/// <summary>The streams of the process, and whether people look at them through a terminal.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsOutDecorated">Whether colours and a cursor that moves are wanted on standard output.</param>
/// <param name="IsErrorDecorated">The same of standard error.</param>
internal sealed record CommandConsole(TextWriter Out, TextWriter Error, bool IsOutDecorated, bool IsErrorDecorated)
{
    /// <summary>See https://no-color.org: any text turns colours off.</summary>
    private const string NoColor = "NO_COLOR";

    private const string Terminal = "TERM";

    /// <summary>Terminals that understand no escape sequence.</summary>
    private const string Dumb = "dumb";

    /// <summary>The console of this process.</summary>
    public static CommandConsole OfProcess() => Create(
        Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, Environment.GetEnvironmentVariable);

    /// <summary>The streams given; those that are terminals are decorated unless the environment says otherwise.</summary>
    public static CommandConsole Create(
        TextWriter output, TextWriter error, bool isOutTerminal, bool isErrorTerminal, Func<string, string?> environment)
    {
        var mayDecorate = string.IsNullOrEmpty(environment(NoColor)) && environment(Terminal) != Dumb;
        return new(output, error, mayDecorate && isOutTerminal, mayDecorate && isErrorTerminal);
    }
}
