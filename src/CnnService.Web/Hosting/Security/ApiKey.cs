namespace CnnService.Web.Hosting.Security;

/// <summary>A key as it is configured: never itself, only its hash.</summary>
internal sealed class ApiKey
{
    /// <summary>Tells keys apart in logs and limits; 1 to 64 characters, unique.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>SHA-256 of the key's text (UTF-8), 64 hexadecimal digits.</summary>
    public string Sha256 { get; set; } = string.Empty;

    /// <summary>Any of <see cref="Security.Scopes.All"/>; <c>admin</c> includes the others.</summary>
    public IList<string> Scopes { get; set; } = [];
}
