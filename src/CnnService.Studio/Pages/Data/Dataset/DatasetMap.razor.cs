using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Models;
using CnnService.Studio.Service;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>The images of a data set in a plane, as a network sees them: those that look alike to it lie close together.</summary>
public sealed partial class DatasetMap : IDisposable
{
    private const int W = 640;
    private const int H = 440;
    private const int Rim = 16;
    private const int Side = 176;
    private const int MostNamed = 12;

    /// <summary>Images that are placed; t-SNE takes some seconds for so many.</summary>
    private const int Most = 600;

    private static readonly (Split Split, string Words)[] Splits = [(Split.Train, "To train on"), (Split.Validation, "To check with")];

    private readonly Asked<IReadOnlyList<ModelChoice>> _networks;
    private readonly Asked<ProjectionFigures> _map;
    private List<Point> _points = [];
    private ModelChoice? _network;
    private Split _split = Split.Train;
    private int? _drawnRevision;
    private Point? _at;

    public DatasetMap() => (_networks, _map) = (new(StateHasChanged), new(StateHasChanged));

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public DatasetResource Dataset { get; set; } = null!;

    /// <summary>Receives an image that the person opens.</summary>
    [Parameter]
    public EventCallback<ImageResource> Opened { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    private IReadOnlyList<string> Names => [.. (Dataset.Classes ?? []).Select(one => one.Name)];

    /// <inheritdoc />
    public void Dispose()
    {
        _networks.Dispose();
        _map.Dispose();
    }

    /// <summary>The layer that tells images apart best: the last before the one that has a number a class.</summary>
    /// <param name="layers">Of the network, in their order.</param>
    /// <param name="classes">How many classes it has; 0: none.</param>
    internal static string? LayerOf(IEnumerable<VisualLayerLink> layers, int classes)
    {
        var places = layers.Where(layer => layer.Links.ContainsKey("projection")).ToList();
        return (places.LastOrDefault(layer => layer.Filters != classes) ?? places.LastOrDefault())?.Name;
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() =>
        _drawnRevision is { } drawn && drawn != Dataset.Revision ? DrawAsync() : Task.CompletedTask;

    private static string Says(ProjectionFigures map) =>
        $"Map of {Words.Count(map.Images.Count, "image", "images")}; the arrow keys go from one to the next, Enter opens it.";

    private static string? ClassOf(Point point, bool isAt) => (point.Image.IsCorrect, isAt) switch
    {
        (false, true) => "wrong at",
        (false, false) => "wrong",
        (_, true) => "at",
        _ => null,
    };

    private static string N(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private string? ClassOf(Point point) => ClassOf(point, point == _at);

    private string ColorOf(ProjectedImage image) =>
        $"--dot: {Tokens.SeriesColor(Names.Index().FirstOrDefault(one => one.Item == image.Class).Index)}";

    /// <summary>Which networks there are, once it is opened: first those that come with the service.</summary>
    private async Task LoadAsync()
    {
        if (_networks.IsAsking || _networks.Answer is not null)
        {
            return;
        }

        await _networks.AskAsync(async cancel =>
            [.. (await ModelChoice.ListAsync(Client, withStarts: true, cancel)).OrderBy(choice => choice.Start is null)]);
        _network = _networks.Answer is [var first, ..] ? first : null;
        await DrawAsync();
    }

    private Task ChooseAsync(string name)
    {
        _network = ModelChoice.Find(_networks.Answer ?? [], name);
        return DrawAsync();
    }

    private Task ShowAsync(Split split)
    {
        _split = split;
        return DrawAsync();
    }

    private async Task DrawAsync()
    {
        if (_network is not { } network)
        {
            return;
        }

        _drawnRevision = Dataset.Revision;
        await _map.AskAsync(cancel => ReadAsync(network, cancel), keeps: true);
        (_points, _at) = (_map.Answer is { } map ? Place(map.Images) : [], null);
    }

    private async Task<ProjectionFigures> ReadAsync(ModelChoice network, CancellationToken cancel)
    {
        var layers = (await Client.ListVisualLayersAsync(network.Name, cancel)).Layers;
        var layer = LayerOf(layers, network.Version?.Classes.Count ?? 0)
            ?? throw new IOException($"{network.Name} has no layer that images could be placed by.");
        return await Patience.AskAsync(
            () => Client.GetProjectionAsync(
                layer: layer, model: network.Name, method: ProjectionMethod.Tsne, dataset: Dataset.Name, split: _split, images: Most,
                format: FigureFormat.Json, wait: 30, cancellationToken: cancel),
            cancel);
    }

    /// <summary>As large as there is room, at the same scale both ways: distances are what the map tells.</summary>
    private static List<Point> Place(IEnumerable<ProjectedImage> images)
    {
        var all = images.OrderBy(image => image.X).ToList();
        if (all.Count == 0)
        {
            return [];
        }

        double left = all.Min(image => image.X), right = all.Max(image => image.X);
        double top = all.Min(image => image.Y), bottom = all.Max(image => image.Y);
        var scale = Math.Min((W - (2 * Rim)) / Math.Max(right - left, 1e-9), (H - (2 * Rim)) / Math.Max(bottom - top, 1e-9));
        return
        [
            .. all.Select(image => new Point(
                image, (W / 2.0) + (scale * (image.X - ((left + right) / 2))), (H / 2.0) + (scale * (image.Y - ((top + bottom) / 2))))),
        ];
    }

    private Task PressedAsync(KeyboardEventArgs pressed)
    {
        var place = _at is { } shown ? _points.IndexOf(shown) : -1;
        switch (pressed.Key)
        {
            case "Enter" when _at is { } at:
                return OpenAsync(at);
            case "ArrowRight" or "ArrowDown" when place + 1 < _points.Count:
                _at = _points[place + 1];
                break;
            case "ArrowLeft" or "ArrowUp" when place > 0:
                _at = _points[place - 1];
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>A map tells neither the name of an image's file nor its size.</summary>
    private Task OpenAsync(Point point) => Opened.InvokeAsync(new ImageResource
    {
        Id = point.Image.Image,
        Split = _split,
        Class = point.Image.Class,
        Labels = [point.Image.Class],
        Source = $"An image of {point.Image.Class}",
        Url = string.Empty,
        MediaType = string.Empty,
        Width = 0,
        Height = 0,
    });

    /// <param name="Image">The image.</param>
    /// <param name="X">Pixels of the drawing.</param>
    /// <param name="Y">Pixels of the drawing.</param>
    private sealed record Point(ProjectedImage Image, double X, double Y);
}
