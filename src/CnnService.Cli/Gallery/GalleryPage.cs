using System.Text;
using System.Text.Json;
using CnnService.Cli.Reporting;
using CnnService.Client;

namespace CnnService.Cli.Gallery;

/// <summary>
/// The figures of Dertat's "Applied Deep Learning, Part 4: Convolutional Neural Networks", made by calls to a service. Each figure is shown
/// with its call, so that anyone can repeat it.
/// </summary>
/// <param name="service">Is called.</param>
/// <param name="folder">Created if missing; existing files are overwritten.</param>
/// <param name="isQuick">Use the quick method for patterns of filters and classes.</param>
/// <param name="display">Is told of each figure.</param>
internal sealed class GalleryPage(CnnServiceClient service, DirectoryInfo folder, bool isQuick, IProgressDisplay display)
{
    /// <summary>The page for browsers.</summary>
    public const string HtmlFile = "index.html";

    /// <summary>The same page for places that show Markdown.</summary>
    private const string MarkdownFile = "README.md";

    private string Method => isQuick ? "&method=quick" : string.Empty;

    /// <returns>The figures written.</returns>
    /// <exception cref="CnnServiceException">The service refuses a call.</exception>
    /// <exception cref="HttpRequestException">The service is not reachable.</exception>
    public async Task<IReadOnlyList<GalleryFigure>> WriteAsync(string model, string? image, CancellationToken cancel)
    {
        var layers = await JsonAsync($"visualize?model={Uri.EscapeDataString(model)}", cancel);
        var version = await JsonAsync($"models/{Text(layers, "model")}/versions/{layers.GetProperty("version").GetInt32()}", cancel);
        var figures = Figures(layers, version, image ?? await FirstImageAsync(version, cancel)).ToArray();
        folder.Create();
        foreach (var (done, figure) in figures.Index())
        {
            display.Show(new("drawing", (double)done / figures.Length) { Detail = figure.File });
            var bytes = await service.DownloadAsync(figure.Path, cancel);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, figure.File), bytes, cancel);
            display.Line($"{figure.File}: GET /{figure.Path}");
        }

        var title = $"{Text(layers, "model")}, version {layers.GetProperty("version").GetInt32()}, from inside";
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, MarkdownFile), Markdown(title, figures), cancel);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, HtmlFile), GalleryHtml.Render(title, figures), cancel);
        return figures;
    }

    private static string Markdown(string title, IEnumerable<GalleryFigure> figures)
    {
        var page = new StringBuilder().Append($"# {title}\n\nMade by `cnn gallery`; the call under each figure gives it again.\n");
        foreach (var figure in figures)
        {
            page.Append($"\n## {figure.Title}\n\n{figure.Text}\n\n![{figure.Title}]({figure.File})\n\n`GET /{figure.Path}`\n");
        }

        return page.ToString();
    }

    private async Task<JsonElement> JsonAsync(string path, CancellationToken cancel) =>
        JsonSerializer.Deserialize<JsonElement>(await service.DownloadAsync(path, cancel));

    /// <summary>
    /// In the article's order: the network, its training, its feature maps, patterns of filters and classes, and explanations of
    /// a prediction.
    /// </summary>
    private IEnumerable<GalleryFigure> Figures(JsonElement layers, JsonElement version, string? shown)
    {
        var model = $"model={Text(layers, "model")}:{layers.GetProperty("version").GetInt32()}";
        var convolutions =
            layers.GetProperty("layers").EnumerateArray().Where(layer => Text(layer, "type") == "conv2d")
            .Select(layer => Text(layer, "name")!).ToArray();
        yield return new("The network", "Its layers as blocks: the taller, the larger the map; the deeper, the more filters.",
            $"models/{Text(layers, "model")}/versions/{layers.GetProperty("version").GetInt32()}/summary?format=png", "network.png");
        if (Origin(version) is { } origin)
        {
            yield return new("Augmentation", "An image of the data set and what training may make of it.",
                $"datasets/{Text(origin, "dataset")}/preview.png?augmentation=article&count=8&seed=1", "augmentation.png");
            yield return new("Loss and accuracy", "Training against validation, smoothed, with the epoch where the validation loss turned.",
                $"runs/{Text(origin, "runId")}/curves.png?smoothing=0.8", "curves.png");
            yield return new("Confusion", "Rows are the true classes, columns the predicted ones.",
                $"runs/{Text(origin, "runId")}/confusion.png", "confusion.png");
        }

        if (convolutions.Length > 0 && shown is not null)
        {
            yield return new("Feature maps",
                "What an image becomes on its way: the first maps of the first convolution at each size. The deeper, the coarser and the "
                + "sparser.", $"visualize/feature-maps?{model}&image={shown}", "maps.png");
        }

        if (convolutions.Length > 0)
        {
            yield return new("Kernels", "The weights of the first convolution as they are.",
                $"visualize/{convolutions[0]}/kernels?{model}&count=32", "kernels.png");
        }

        foreach (var layer in PickEvenly(convolutions))
        {
            yield return new($"What the filters of {layer} look for",
                "The input that each filter answers to most, found by gradient ascent.",
                $"visualize/{layer}?{model}&count=8&wait=300{Method}", $"filters-{layer}.png");
        }

        if (version.GetProperty("classes").GetArrayLength() is > 0 and <= 64)
        {
            yield return new("Classes",
                "The image that the network finds most like each of its classes. Of a small network it is texture rather than an object.",
                $"visualize/classes?{model}&wait=300{Method}", "classes.png");
        }

        if (shown is not null && version.GetProperty("classes").GetArrayLength() > 0)
        {
            yield return new("Why it says so", "The image, Grad-CAM's heat, and one over the other: what speaks for the predicted class.",
                $"explain?{model}&image={shown}&layout=side", "why.png");
        }

        if (Origin(version) is not null && convolutions.Length > 0)
        {
            yield return new("The data set as the network sees it",
                "Its images on a plane by the means of the last convolution's maps (t-SNE): colours are classes, hollow marks mistakes.",
                $"visualize/{convolutions[^1]}/projection?{model}&method=tsne&wait=300", "projection.png");
        }
    }

    /// <summary>At most five layers, evenly spaced with the first and the last included; the article shows five of VGG16.</summary>
    private static IEnumerable<string> PickEvenly(string[] layers)
    {
        const int maxShown = 5;
        return layers.Length <= maxShown
            ? layers
            : Enumerable.Range(0, maxShown).Select(place => layers[place * (layers.Length - 1) / (maxShown - 1)]);
    }

    private async Task<string?> FirstImageAsync(JsonElement version, CancellationToken cancel)
    {
        if (Origin(version) is not { } origin)
        {
            return null;
        }

        var dataset = Text(origin, "dataset");
        var page = await JsonAsync($"datasets/{dataset}/images?split=validation", cancel);
        return page.GetProperty("items").EnumerateArray().Select(item => $"{dataset}/{Text(item, "id")}").FirstOrDefault();
    }

    private static JsonElement? Origin(JsonElement version) =>
        version.TryGetProperty("origin", out var origin) && origin.ValueKind == JsonValueKind.Object ? origin : null;

    private static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();
}
