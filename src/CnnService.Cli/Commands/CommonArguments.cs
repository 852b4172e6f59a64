using System.CommandLine;

namespace CnnService.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class CommonArguments
{
    /// <summary>Number of filters in a grid.</summary>
    public const int GridFilters = 8;

    public static Argument<DirectoryInfo> Model() => new("model") { Description = "A model folder." };

    public static Argument<string> Layer() => new("layer");

    public static Argument<int?> Filter() => new("filter")
    {
        Description = $"From 0; left out: a grid of the first {GridFilters}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The file that is written.</summary>
    /// <param name="name">Its name where none is given.</param>
    public static Option<FileInfo> PngFile(string name) => new("--out")
    {
        Description = "The PNG or SVG file.",
        DefaultValueFactory = _ => new FileInfo(name),
    };
}
