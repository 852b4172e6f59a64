using System.CommandLine;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Cli.Commands;

/// <summary>The images of a command, and what is said about their layout; the options are the fields of POST /datasets.</summary>
internal static class DataArguments
{
    private static readonly Argument<string> Data = new("data")
    {
        Description = $"A folder or an archive of images; or a generated sample: {string.Join(", ", SampleNames.All)}."
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

    public static void AddTo(Command command)
    {
        command.Arguments.Insert(0, Data);
        command.Options.Add(Layout);
        command.Options.Add(NamePattern);
        command.Options.Add(NameEncoding);
        command.Options.Add(MergeCase);
    }

    /// <summary>The import without its folder. Problem: <c>dataset.not-found</c>; broken rules of the options are added.</summary>
    public static Outcome<DatasetImport> Read(ParseResult arguments, ValidationErrors errors)
    {
        var data = arguments.GetRequiredValue(Data);
        var fields = new LayoutFields(
            arguments.GetValue(Layout), arguments.GetValue(NamePattern), arguments.GetValue(NameEncoding), arguments.GetValue(MergeCase));
        return Origin(data).Map(origin => fields.ApplyTo(
            new() { Name = TrainArguments.DatasetName, Origin = origin, Source = data, Folder = string.Empty }, errors));
    }

    private static Outcome<DatasetOrigin> Origin(string data) =>
        Directory.Exists(data) ? DatasetOrigin.Folder
        : File.Exists(data) ? DatasetOrigin.Archive
        : SampleNames.All.Contains(data) ? DatasetOrigin.Sample
        : Problem.NotFound("dataset.not-found", $"There is no file or folder '{data}'.");
}
