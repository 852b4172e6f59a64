using System.CommandLine;
using System.Globalization;

namespace CnnService.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonArguments
{
    /// <summary>Number of filters in a grid.</summary>
    public const int GridFilters = 8;

    /// <summary>Of every verb.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Answer in JSON: one value on standard output, a problem too; all else goes to standard error.",
        Recursive = true,
    };

    public static Argument<string> Model() => new("model")
    {
        Description = "A model folder; with --url a model of the service: name, name:version or name@alias."
    };

    public static Argument<string> Layer() => new("layer") { Description = "A layer of the network; cnn describe lists those of presets." };

    public static Argument<int?> Filter() => new("filter")
    {
        Description = $"From 0; left out: a grid of the first {GridFilters}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Where a service shows a filter, or a layer's filters.</summary>
    public static string VisualPath(string layer, int? filter) => filter is null
        ? $"visualize/{Uri.EscapeDataString(layer)}"
        : string.Create(CultureInfo.InvariantCulture, $"visualize/{Uri.EscapeDataString(layer)}/{filter}");

    /// <summary>The file that is written.</summary>
    /// <param name="name">Its name where none is given.</param>
    public static Option<FileInfo> PngFile(string name) => new("--out")
    {
        Description = "The PNG or SVG file.",
        DefaultValueFactory = _ => new FileInfo(name),
    };
}
