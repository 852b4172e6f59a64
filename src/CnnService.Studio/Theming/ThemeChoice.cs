using CnnService.Studio.Browser;

namespace CnnService.Studio.Theming;

/// <summary>Whether the page is light or dark: as the system is, until somebody chooses. One a page.</summary>
internal sealed class ThemeChoice(BrowserStorage storage)
{
    private const string Name = "cnnservice-theme";

    private bool? _chosen;
    private bool _isSystemDark;

    /// <summary>Raised when the page turns light or dark.</summary>
    public event Action? Changed;

    public bool IsDark => _chosen ?? _isSystemDark;

    /// <summary>Reads what was chosen before.</summary>
    public async Task LoadAsync() => _chosen = await storage.ReadLastingAsync(Name) switch
    {
        "dark" => true,
        "light" => false,
        _ => null,
    };

    public void FollowSystem(bool isDark)
    {
        _isSystemDark = isDark;
        Changed?.Invoke();
    }

    public async Task TurnAsync()
    {
        _chosen = !IsDark;
        Changed?.Invoke();
        await storage.WriteLastingAsync(Name, IsDark ? "dark" : "light");
    }
}
