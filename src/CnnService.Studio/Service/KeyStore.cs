using CnnService.Studio.Browser;

namespace CnnService.Studio.Service;

/// <summary>The API key that the person gave, kept for this tab only; and whether the service asks for one.</summary>
internal sealed class KeyStore(BrowserStorage storage)
{
    private const string Name = "cnnservice-key";

    private bool _isRead;

    /// <summary>Raised when a key becomes needed, is given or is forgotten.</summary>
    public event Action? Changed;

    /// <summary>Whether the service has refused a request for want of a key that it knows.</summary>
    public bool IsNeeded { get; private set; }

    /// <summary>Null: none.</summary>
    public string? Key { get; private set; }

    public async ValueTask<string?> ReadAsync()
    {
        if (!_isRead)
        {
            Key = await storage.ReadAsync(Name);
            _isRead = true;
        }

        return Key;
    }

    public void Ask()
    {
        if (!IsNeeded)
        {
            IsNeeded = true;
            Changed?.Invoke();
        }
    }

    public async Task GiveAsync(string key)
    {
        (Key, IsNeeded, _isRead) = (key, false, true);
        await storage.WriteAsync(Name, key);
        Changed?.Invoke();
    }

    public async Task ForgetAsync()
    {
        (Key, IsNeeded, _isRead) = (null, true, true);
        await storage.RemoveAsync(Name);
        Changed?.Invoke();
    }
}
