extern alias cli;

using System.Text.Json;
using cli::CnnService.Cli.Commands;
using cli::CnnService.Cli.Reporting;

namespace CnnService.Web.Tests.Cli;

/// <summary>The command line in this process, with streams that can be looked at. Paths are absolute here.</summary>
/// <param name="ExitCode">What the shell would be told.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record CommandLineRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output, which has to be one JSON value.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Task<CommandLineRun> RunAsync(params string[] arguments) => RunAsync(false, [], arguments);

    /// <param name="isTerminal">Whether both streams are terminals.</param>
    /// <param name="environment">Variables of the environment.</param>
    /// <param name="arguments">As the shell gives them.</param>
    /// <param name="cancel">Stops it; null: with the test.</param>
    public static async Task<CommandLineRun> RunAsync(
        bool isTerminal, Dictionary<string, string> environment, string[] arguments, CancellationToken? cancel = null)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = CommandConsole.Create(output, errors, isTerminal, isTerminal, environment.GetValueOrDefault);
        var code = await CommandLine.RunAsync(arguments, console, cancel ?? TestContext.Current.CancellationToken);
        return new(code, output.ToString(), errors.ToString());
    }
}
