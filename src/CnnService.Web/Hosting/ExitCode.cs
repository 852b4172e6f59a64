namespace CnnService.Web.Hosting;

/// <summary>What the process returns when it ends by itself. Thread safe.</summary>
internal sealed class ExitCode
{
    private volatile int _value;

    public int Value
    {
        get => _value;
        set => _value = value;
    }
}
