using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Cli.Commands;

/// <summary>Reads and writes images without a server; nothing is cached between commands.</summary>
internal static class Images
{
    public static readonly Option<ThemeName?> Theme = WireOption.Create<ThemeName>("--theme", "Colours");

    public static readonly Option<int?> Scale = new("--scale") { Description = "Enlarges what is drawn: 1 to 8." };

    /// <summary>How a figure is drawn: the options, and SVG for a file of that name.</summary>
    public static Outcome<FigureStyle> Style(ParseResult arguments, FileInfo file)
    {
        var scale = arguments.GetValue(Scale);
        return scale is null or (>= 1 and <= FigureStyle.MaxScale)
            ? new FigureStyle(arguments.GetValue(Theme) ?? ThemeName.Light, scale, IsSvg(file) ? FigureForm.Svg : FigureForm.Png)
            : Problem.Invalid("request.invalid", $"--scale must be between 1 and {FigureStyle.MaxScale}, received {scale}.");
    }

    /// <summary>An image's file. Problem code: <c>image.not-found</c>.</summary>
    public static async Task<Outcome<byte[]>> ReadAsync(FileInfo file, CancellationToken cancel) => file.Exists
        ? await File.ReadAllBytesAsync(file.FullName, cancel)
        : Problem.NotFound("image.not-found", $"There is no file '{file.FullName}'.");

    /// <summary>The theme and scale that were given, and the format of the file, as parameters of a service's figure.</summary>
    public static (string Name, object? Value)[] Query(ParseResult arguments, FileInfo file) =>
    [
        ("theme", arguments.GetValue(Theme)?.ToWireName()),
        ("scale", arguments.GetValue(Scale)),
        ("format", (IsSvg(file) ? FigureForm.Svg : FigureForm.Png).ToWireName()),
    ];

    /// <summary>Draws a figure.</summary>
    public static Outcome<byte[]> Draw<TFigure>(IServiceProvider services, ParseResult arguments, TFigure drawn, FileInfo file)
        where TFigure : DrawnFigure => Style(arguments, file)
        .Bind(style => services.GetRequiredService<IFigureRenderer>().Render(drawn.Figure, style, drawn.Text));

    /// <summary>Has a service draw something of an image, and writes it.</summary>
    public static async Task<Outcome<Answer>> AskAsync(
        ParseResult arguments, string address, FileInfo image, FileInfo target, CancellationToken cancel)
    {
        var drawn = await (await ReadAsync(image, cancel)).BindAsync(file => Service.AskAsync(arguments, async service =>
        {
            using var stream = new MemoryStream(file);
            return await service.DrawAsync(address, stream, cancel);
        }));
        return await drawn.MapAsync(made => SaveAsync(arguments, target, made, cancel));
    }

    /// <summary>Writes what was made.</summary>
    public static async Task<Answer> SaveAsync(ParseResult arguments, FileInfo file, byte[] made, CancellationToken cancel)
    {
        await OutTarget.WriteAsync(arguments, file, made, cancel);
        return new(new WrittenFile(file.FullName, made.Length), text => text.Line(file.FullName));
    }

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
