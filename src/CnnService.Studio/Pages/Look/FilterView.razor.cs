using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Parts.Networks;
using CnnService.Studio.Parts.Rasters;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Look;

/// <summary>One filter: the image, what it makes of it, what it looks for, its weights, where else it fires.</summary>
public sealed partial class FilterView : IDisposable
{
    private const int Side = 320;

    private readonly Asked<NumberMap> _map;

    private readonly Asked<ReceptiveFieldFigures> _field;

    private (string Model, string Layer, int Filter, ChosenImage Image)? _loaded;

    private (int Row, int Column)? _over;

    private (int Row, int Column)? _marked;

    private FilmFrame? _frame;

    public FilterView() => (_map, _field) = (new(StateHasChanged), new(StateHasChanged));

    /// <summary>The model's version, as <c>name:version</c>.</summary>
    [Parameter, EditorRequired]
    public string Model { get; set; } = string.Empty;

    /// <summary>The layer.</summary>
    [Parameter, EditorRequired]
    public VisualLayerLink Layer { get; set; } = null!;

    /// <summary>Index of the filter, from 0.</summary>
    [Parameter, EditorRequired]
    public int Filter { get; set; }

    /// <summary>The image.</summary>
    [Parameter, EditorRequired]
    public ChosenImage Image { get; set; } = null!;

    /// <summary>The data set whose images are its examples; null: the one it was trained on.</summary>
    [Parameter]
    public string? Dataset { get; set; }

    /// <summary>The run that made the version, if its epochs can be seen; else null.</summary>
    [Parameter]
    public string? Run { get; set; }

    /// <summary>Where another filter is looked at.</summary>
    [Parameter, EditorRequired]
    public Func<int, string> FilterAddress { get; set; } = null!;

    /// <summary>Where this filter is looked at with another image.</summary>
    [Parameter, EditorRequired]
    public Func<string, string> ImageAddress { get; set; } = null!;

    [Inject]
    private CnnServiceClient Client { get; set; } = null!;

    private string Name => Uri.EscapeDataString(Layer.Name);

    private string PatternAddress => $"visualize/{Name}/{Filter}?model={Uri.EscapeDataString(Model)}&wait=60";

    private int FieldHeight => _field.Answer?.Image[0] ?? 1;

    private int FieldWidth => _field.Answer?.Image[1] ?? 1;

    private SeenBox? Box => (_over ?? _marked) is { } cell && _field.Answer is { } seen ? SeenBox.Of(seen, cell.Row, cell.Column) : null;

    private string FieldWords => _field.Answer switch
    {
        null => string.Empty,
        { IsWholeImage: true } => "Each number of this layer depends on the whole image.",
        var seen => string.Create(
            CultureInfo.InvariantCulture,
            $"A cell sees {seen.Size[0]} × {seen.Size[1]} of the image's {seen.Image[0]} × {seen.Image[1]} pixels, its receptive field."),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _map.Dispose();
        _field.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded == (Model, Layer.Name, Filter, Image))
        {
            return;
        }

        var isOtherLayer = _loaded is not { } last || (last.Model, last.Layer) != (Model, Layer.Name);
        _loaded = (Model, Layer.Name, Filter, Image);
        _frame = null;
        var asked = isOtherLayer
            ? _field.AskAsync(cancel => Client.GetReceptiveFieldAsync(
                layer: Layer.Name, model: Model, format: FigureFormat.Json, cancellationToken: cancel))
            : Task.CompletedTask;
        _marked = isOtherLayer ? null : _marked;
        await Task.WhenAll(asked, LoadMapAsync());
    }

    private Task LoadMapAsync()
    {
        var query = $"model={Uri.EscapeDataString(Model)}&format=f32&count=1&offset={Filter}";
        var (height, width) = (Layer.MapSize is [var rows, _] ? rows : 1, Layer.MapSize is [_, var columns] ? columns : 1);
        return _map.AskAsync(
            async cancel =>
            {
                var map = await Image.AskAsync(Client, $"visualize/{Name}?{query}", $"visualize/{Name}/feature-maps?{query}", cancel);
                return NumberMap.Split(map, height, width)[0];
            },
            true);
    }
}
