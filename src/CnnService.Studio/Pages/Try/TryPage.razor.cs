using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Parts.Asking;
using CnnService.Studio.Parts.Images;
using CnnService.Studio.Parts.Models;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Try;

public sealed partial class TryPage : IDisposable
{
    private readonly List<ChosenImage> _tried = [];

    private readonly Asked<IReadOnlyList<ModelChoice>> _models;

    private ChosenImage? _image;

    private Exception? _given;

    public TryPage() => _models = new(StateHasChanged);

    /// <summary><c>name</c> or <c>name:version</c>; null: the newest.</summary>
    [Parameter]
    public string? Model { get; set; }

    /// <summary><c>dataset/id</c> of an image to begin with.</summary>
    [SupplyParameterFromQuery(Name = "image")]
    public string? ImageReference { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal ServiceAddress Service { get; set; } = null!;

    [Inject]
    internal KeyStore Keys { get; set; } = null!;

    private ModelChoice? Chosen => ModelChoice.Find(_models.Answer ?? [], Model);

    /// <inheritdoc/>
    public void Dispose() => _models.Dispose();

    protected override Task OnInitializedAsync() => LoadModelsAsync();

    /// <summary>Another image in the address.</summary>
    protected override void OnParametersSet()
    {
        if (ChosenImage.Of(ImageReference) is { } named && named.Reference != _image?.Reference)
        {
            _image = named;
        }
    }

    private Task LoadModelsAsync() => _models.AskAsync(async cancel =>
        [.. (await ModelChoice.ListAsync(Client, false, cancel)).Where(model => model.Version!.Classes.Count > 0)]);

    private async Task TakeAsync(DroppedFiles files)
    {
        _given = null;
        try
        {
            TakeAll(await GivenImages.ReadAsync(files, GivenImages.Most, CancellationToken.None));
        }
        catch (IOException failure)
        {
            _given = failure;
        }
    }

    private void TakeShot(byte[] shot) => TakeAll([new("camera", null, shot)]);

    private void TakeAll(IReadOnlyList<ChosenImage> images)
    {
        _tried.InsertRange(0, images);
        if (_tried.Count > GivenImages.Most)
        {
            _tried.RemoveRange(GivenImages.Most, _tried.Count - GivenImages.Most);
        }

        if (ImageReference is not null)
        {
            ImageReference = null;
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("image", (string?)null), replace: true);
        }

        _image = images[0];
    }

    private void UseReference(string reference) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("image", reference), replace: true);
}
