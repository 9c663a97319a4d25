"""FreeSWITCH's own languages: the XML dialplan, its expressions and ``${…}``, and dial strings."""
