using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Cli.Commands;

/// <summary>The images of a command, and what is said about their layout; the options are the fields of POST /datasets.</summary>
internal static class DataArguments
{
    /// <summary>What <see cref="Data"/> and <see cref="OptionalData"/> may be.</summary>
    private static readonly string What =
        $"A folder or an archive of images; or a generated sample: {string.Join(", ", SampleNames.All)}.";

    private static readonly Argument<string> Data = new("data") { Description = What };
    private static readonly Argument<string?> OptionalData = new("data")
    {
        Description = $"{What} Left out: none.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> Layout = new("--layout")
    {
        Description = $"Where the labels are: auto (the default), {WireName.Choice(Enum.GetValues<LayoutKind>())}."
    };
    private static readonly Option<string?> NamePattern = new("--name-pattern")
    {
        Description = "A regular expression over the file names with the group label, such as (?<label>[a-z]+)_\\d+."
    };
    private static readonly Option<string?> NameEncoding = new("--name-encoding")
    {
        Description = "The code page of names that a zip does not declare, such as cp866."
    };
    private static readonly Option<bool?> MergeCase = new("--merge-case")
    {
        Description = "Whether Cat and cat are one class; true by default."
    };

    public static void AddTo(Command command) => AddTo(command, Data);

    /// <summary>For a verb that has something to say without images, too.</summary>
    public static void AddOptionalTo(Command command) => AddTo(command, OptionalData);

    /// <summary>The import without its folder. Problem: <c>dataset.not-found</c>; broken rules of the options are added.</summary>
    public static Outcome<DatasetImport> Read(ParseResult arguments, ValidationErrors errors) =>
        Read(arguments, arguments.GetRequiredValue(Data), errors);

    /// <summary>The same where images were named; null where not.</summary>
    public static Outcome<DatasetImport>? ReadOptional(ParseResult arguments, ValidationErrors errors) =>
        arguments.GetValue(OptionalData) is { } data ? Read(arguments, data, errors) : null;

    /// <summary>With a service: an archive to send, or the name of one of its data sets.</summary>
    public static string Name(ParseResult arguments) => arguments.GetRequiredValue(Data);

    /// <summary>The same where images were named; null where not.</summary>
    public static string? NameOptional(ParseResult arguments) => arguments.GetValue(OptionalData);

    /// <summary>What is said about the layout.</summary>
    public static LayoutFields Fields(ParseResult arguments) => new(
        arguments.GetValue(Layout), arguments.GetValue(NamePattern), arguments.GetValue(NameEncoding), arguments.GetValue(MergeCase));

    private static void AddTo(Command command, Argument data)
    {
        command.Arguments.Insert(0, data);
        command.Options.Add(Layout);
        command.Options.Add(NamePattern);
        command.Options.Add(NameEncoding);
        command.Options.Add(MergeCase);
    }

    private static Outcome<DatasetImport> Read(ParseResult arguments, string data, ValidationErrors errors) =>
        Origin(data).Map(origin => Fields(arguments).ApplyTo(
            new()
            {
                Name = TrainArguments.DatasetName,
                Origin = origin,
                Source = origin == DatasetOrigin.Folder ? RegularFile.RealPath(data) : data,
                Folder = string.Empty,
            },
            errors));

    private static Outcome<DatasetOrigin> Origin(string data) =>
        Directory.Exists(data) ? DatasetOrigin.Folder
        : File.Exists(data) ? DatasetOrigin.Archive
        : SampleNames.All.Contains(data) ? DatasetOrigin.Sample
        : Problem.NotFound("dataset.not-found", $"There is no file or folder '{data}'.");
}
