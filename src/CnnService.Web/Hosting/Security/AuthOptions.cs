namespace CnnService.Web.Hosting.Security;

/// <summary>Who may call. Without a key the service listens on loopback only, and whoever reaches it there may do everything.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>The keys; default none.</summary>
    public IList<ApiKey> Keys { get; set; } = [];

    public bool HasKeys => Keys.Count > 0;

    public static AuthOptions Read(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<AuthOptions>() ?? new AuthOptions();
}
