using CnnService.Client;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Parts.Rasters;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Look;

/// <summary>All maps of a layer for an image.</summary>
public sealed partial class MapsView : IDisposable
{
    private const int PageSize = 64;

    private readonly Asked<IReadOnlyList<NumberMap>> _maps;

    private (string Model, string Layer, ChosenImage Image)? _loaded;

    private int _offset;

    private bool _isOneScale;

    private bool _isByStrength;

    public MapsView() => _maps = new(StateHasChanged);

    /// <summary>The model's version, as <c>name:version</c>.</summary>
    [Parameter, EditorRequired]
    public string Model { get; set; } = string.Empty;

    /// <summary>The layer.</summary>
    [Parameter, EditorRequired]
    public VisualLayerLink Layer { get; set; } = null!;

    /// <summary>The image.</summary>
    [Parameter, EditorRequired]
    public ChosenImage Image { get; set; } = null!;

    /// <summary>Where a filter is looked at.</summary>
    [Parameter, EditorRequired]
    public Func<int, string> FilterAddress { get; set; } = null!;

    [Inject]
    private CnnServiceClient Client { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _maps.Dispose();

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != (Model, Layer.Name, Image))
        {
            var isOtherLayer = _loaded is not { } last || (last.Model, last.Layer) != (Model, Layer.Name);
            _loaded = (Model, Layer.Name, Image);
            _offset = isOtherLayer ? 0 : _offset;
            await LoadAsync(!isOtherLayer);
        }
    }

    private static int Silent(IReadOnlyList<NumberMap> maps) => maps.Count(map => map.Max <= 0);

    private static float Largest(IReadOnlyList<NumberMap> maps) => maps.Max(map => map.Max);

    private IEnumerable<(NumberMap Map, int Index)> Ordered(IReadOnlyList<NumberMap> maps)
    {
        var numbered = maps.Select((map, index) => (map, index));
        return _isByStrength ? numbered.OrderByDescending(one => one.map.Values.Average()) : numbered;
    }

    private Task LoadAsync() => LoadAsync(false);

    private Task LoadAsync(bool keeps)
    {
        var layer = Uri.EscapeDataString(Layer.Name);
        var query = $"model={Uri.EscapeDataString(Model)}&format=f32&count={PageSize}&offset={_offset}";
        int height = Layer.MapSize is [var rows, _] ? rows : 1, width = Layer.MapSize is [_, var columns] ? columns : 1;
        return _maps.AskAsync(
            async cancel =>
            {
                var maps = await Image.AskAsync(Client, $"visualize/{layer}?{query}", $"visualize/{layer}/feature-maps?{query}", cancel);
                return NumberMap.Split(maps, height, width);
            },
            keeps);
    }

    private Task TurnAsync(int offset)
    {
        _offset = offset;
        return LoadAsync(false);
    }
}
