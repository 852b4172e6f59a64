using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>The command line as a whole: its verbs, and how one is found and carried out.</summary>
internal static class CommandLine
{
    /// <summary>Ctrl+C stops a training at a checkpoint, which takes as long as a step and a file.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromMinutes(1);

    private static readonly Lazy<RootCommand> Root = new(CreateRoot);

    /// <param name="arguments">As the shell gives them.</param>
    /// <param name="console">Where the command speaks.</param>
    /// <param name="cancel">Stops it, as Ctrl+C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandConsole console, CancellationToken cancel)
    {
        var words = CommandLineSettings.RemoveSettings(arguments);
        var parsed = Root.Value.Parse(words.Length == 0 ? ["--help"] : words);
        var context = new CommandContext
        {
            Report = Reports.Create(console, words.Contains(CommonArguments.Json.Name)),
            Settings = CommandLineSettings.Read(arguments),
            Output = console.Out,
            Error = console.Error,
            ProcessTerminationTimeout = StopWithin,
        };
        string[] unknown = [.. UnknownOptions(parsed)];
        if (parsed.Action is ParseErrorAction || unknown.Length > 0)
        {
            return Verb.Fail(context, Refusal(parsed, unknown));
        }

        return Engines.CheckSettings(context.Settings) is { } problem
            ? Verb.Fail(context, problem)
            : await parsed.InvokeAsync(context, cancel);
    }

    private static RootCommand CreateRoot() => new($"""
        Train, serve and look into convolutional networks on plain files, without a server. Settings of the engines are taken from the
        environment (Torch__LibraryPath) and from arguments (--Torch:LibraryPath=…).

        Exit codes: {string.Join("; ", ExitCodes.All.Select(code => $"{code.Code} {code.Meaning}"))}.
        """)
    {
        CommonArguments.Json,
        TrainCommand.Create(),
        RecipesCommand.Create(),
        StartsCommand.Create(),
        InspectCommand.Create(),
        HealthCommand.Create(),
        ImportCommand.Create(),
        DescribeCommand.Create(),
        ClassifyCommand.Create(),
        PatternCommand.Create(),
        FeatureMapCommand.Create(),
        ExplainCommand.Create(),
        GalleryCommand.Create(),
        DoctorCommand.Create(),
        KeyCommand.Create(),
    };

    /// <summary>Taken for an argument, a misspelt option would be looked for as a file. What follows "--" is an argument.</summary>
    private static IEnumerable<string> UnknownOptions(ParseResult parsed) =>
        parsed.Action is not ParseErrorAction && parsed.Action != parsed.CommandResult.Command.Action
        ? [] // Help and version.
        : parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(token => token.Value);

    private static Problem Refusal(ParseResult parsed, IReadOnlyCollection<string> unknown)
    {
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "cnn" : $"cnn {command.Name}";
        var sentences = parsed.Errors.Select(error => error.Message).Distinct()
            .Concat(unknown.Select(option => $"There is no option {option}."))
            .Concat(parsed.UnmatchedTokens.Concat(unknown).Distinct().Select(token => Meant(token, command)).OfType<string>())
            .Append($"'{path} --help' tells what can be given.");
        return Problem.Invalid("command.invalid", string.Join(" ", sentences));
    }

    private static string? Meant(string token, Command command)
    {
        var known = command.Options.Select(option => option.Name).Concat(command.Subcommands.Select(verb => verb.Name));
        return NearestName.Find(token, known) is { } near ? $"Did you mean {near}?" : null;
    }
}
