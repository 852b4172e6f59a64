using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Cli.Commands;

/// <summary>Writes drawn images without a server; nothing is cached between commands.</summary>
internal static class Images
{
    public static readonly Option<ThemeName> Theme = new("--theme") { Description = "Colours: light (default) or dark." };

    public static readonly Option<int?> Scale = new("--scale") { Description = "Enlarges what is drawn: 1 to 8." };

    /// <summary>How a figure is drawn: the options, and SVG for a file of that name.</summary>
    public static Outcome<FigureStyle> Style(ParseResult arguments, FileInfo file)
    {
        var scale = arguments.GetValue(Scale);
        return scale is null or (>= 1 and <= FigureStyle.MaxScale)
            ? new FigureStyle(arguments.GetValue(Theme), scale, IsSvg(file) ? FigureForm.Svg : FigureForm.Png)
            : Problem.Invalid("request.invalid", $"--scale must be between 1 and {FigureStyle.MaxScale}, received {scale}.");
    }

    /// <summary>Draws a figure and writes its file, or reports the problem; returns the exit code.</summary>
    public static int Save<TFigure>(IServiceProvider services, ParseResult arguments, Outcome<TFigure> figure, FileInfo file)
        where TFigure : DrawnFigure => figure
        .Bind(drawn => Style(arguments, file).Bind(style =>
            services.GetRequiredService<IFigureRenderer>().Render(drawn.Figure, style, drawn.Text)))
        .Match(
            bytes =>
            {
                File.WriteAllBytes(file.FullName, bytes);
                Console.WriteLine(file.FullName);
                return 0;
            },
            Engines.ReportProblem);

    private static bool IsSvg(FileInfo file) => file.Extension.Equals(".svg", StringComparison.OrdinalIgnoreCase);

    /// <summary>Caches nothing.</summary>
    internal sealed class NoCache : IImageCache
    {
        public bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes)
        {
            bytes = null;
            return false;
        }

        public void Put(string key, ReadOnlyMemory<byte> bytes)
        {
        }
    }
}
